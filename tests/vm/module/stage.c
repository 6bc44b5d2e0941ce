// SPDX-License-Identifier: Apache-2.0 OR MIT
/*
 * Faults for the test VM, each started by a write to a parameter of this module:
 *
 *	echo "30 xfs_file_write_iter dd" >/sys/module/stage/parameters/lock
 *
 * so that the kernel itself reports them, with the stack that they have in production.
 *
 *	spin     SECONDS                 the writer keeps its CPU, interrupts on
 *	stall    SECONDS                 the same with interrupts off
 *	spin_at  SECONDS FUNCTION COMM   a process of that name keeps its CPU where it
 *	                                 enters the function
 *	hard_at  SECONDS FUNCTION COMM   the same with interrupts off, and the detector of
 *	                                 hard lockups is called as its NMI would: software
 *	                                 emulation has no performance counters
 *	lock     SECONDS FUNCTION COMM   on entering the function, a spin lock that it
 *takes is held already: the kernel spins by itself alloc    ORDER allocate until it
 *fails, in the writer's context atomic   ORDER                   the same in a timer
 *	netdev   1                       a network device that never completes a packet
 *
 * One spin_at, hard_at, alloc_at or lock per load of the module.
 */
#include <linux/backing-dev.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/jbd2.h>
#include <linux/kprobes.h>
#include <linux/list_lru.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/perf_event.h>
#include <linux/sched/clock.h>
#include <linux/shrinker.h>
#include <linux/version.h>

#define PARAM(name)                                                              \
	static const struct kernel_param_ops name##_param = {.set = name##_set}; \
	module_param_cb(name, &name##_param, NULL, 0200)

/* --- keeping a CPU -------------------------------------------------------------------
 */

static noinline void stage_spin(unsigned int seconds)
{
	u64 end = local_clock() + (u64)seconds * NSEC_PER_SEC;

	while (local_clock() < end)
		cpu_relax();
}

static int spin_set(const char *text, const struct kernel_param *param)
{
	unsigned int seconds;
	int r = kstrtouint(text, 0, &seconds);

	if (r < 0)
		return r;
	preempt_disable();
	stage_spin(seconds);
	preempt_enable();
	return 0;
}
PARAM(spin);

static int stall_set(const char *text, const struct kernel_param *param)
{
	unsigned int seconds;
	int r = kstrtouint(text, 0, &seconds);

	if (r < 0)
		return r;
	local_irq_disable();
	stage_spin(seconds);
	local_irq_enable();
	return 0;
}
PARAM(stall);

/* --- keeping a CPU in a function of the kernel ---------------------------------------
 */

static struct {
	struct kprobe probe;
	unsigned int seconds; /* or order */
	char function[64], comm[TASK_COMM_LEN];
	atomic_t hit;
	spinlock_t *lock;
	struct hrtimer timer;
	perf_overflow_handler_t detector;
	struct perf_event event;
	struct list_lru *nfsd_files;
} at;

/* The address of a symbol that is not exported; a probe of a function finds the finder.
 */
static void *find(const char *symbol)
{
	struct kprobe finder = {.symbol_name = "kallsyms_lookup_name"};
	unsigned long (*lookup)(const char *name);

	if (register_kprobe(&finder) < 0)
		return NULL;
	lookup = (void *)finder.addr;
	unregister_kprobe(&finder);
	return (void *)lookup(symbol);
}

static bool is_first_hit(void)
{
	return strcmp(current->comm, at.comm) == 0 && atomic_xchg(&at.hit, 1) == 0;
}

static int spin_at_hit(struct kprobe *probe, struct pt_regs *regs)
{
	if (is_first_hit())
		stage_spin(at.seconds);
	return 0;
}

static int hard_at_hit(struct kprobe *probe, struct pt_regs *regs)
{
	unsigned long flags;

	if (!is_first_hit())
		return 0;
	local_irq_save(flags);
	for (unsigned int spent = 0; spent < at.seconds; spent += 10) {
		stage_spin(10);
		at.detector(&at.event, NULL, regs);
	}
	local_irq_restore(flags);
	return 0;
}

/* The lock that the function is about to take; by its first argument. */
static spinlock_t *lock_of(unsigned long first)
{
	if (strcmp(at.function, "wb_workfn") == 0)
		return &container_of((struct work_struct *)first, struct bdi_writeback,
		                     dwork.work)
		                ->list_lock;
	if (strcmp(at.function, "jbd2_journal_commit_transaction") == 0)
		return &((journal_t *)first)->j_list_lock;
	if (strcmp(at.function, "super_cache_scan") == 0) {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
		struct super_block *sb = ((struct shrinker *)first)->private_data;
#else
		struct super_block *sb = container_of((struct shrinker *)first,
		                                      struct super_block, s_shrink);
#endif
		return list_lru_count(&sb->s_dentry_lru) ? &sb->s_dentry_lru.node[0].lock
		                                         : NULL;
	}
	if (strncmp(at.function, "nfsd_file_", 10) == 0)
		return &at.nfsd_files->node[0].lock;
	/* else it is write_iter() of a filesystem */
	return &file_inode(((struct kiocb *)first)->ki_filp)->i_lock;
}

static enum hrtimer_restart lock_free(struct hrtimer *timer)
{
	arch_spin_unlock(&at.lock->rlock.raw_lock);
	return HRTIMER_NORESTART;
}

static int lock_hit(struct kprobe *probe, struct pt_regs *regs)
{
	spinlock_t *lock;

	if (strcmp(current->comm, at.comm) != 0 &&
	    strncmp(current->comm, "kworker", 7) != 0)
		return 0;
	lock = at.lock ? at.lock : lock_of(regs->di);
	if (lock && atomic_xchg(&at.hit, 1) == 0 &&
	    arch_spin_trylock(&lock->rlock.raw_lock)) {
		at.lock = lock;
		hrtimer_start(&at.timer, ktime_set(at.seconds, 0), HRTIMER_MODE_REL);
	}
	return 0;
}

static int arm(const char *text, kprobe_pre_handler_t hit)
{
	if (at.probe.addr)
		return -EBUSY;
	if (sscanf(text, "%u %63s %15s", &at.seconds, at.function, at.comm) != 3)
		return -EINVAL;
	at.probe.symbol_name = at.function;
	at.probe.pre_handler = hit;
	return register_kprobe(&at.probe);
}

static int spin_at_set(const char *text, const struct kernel_param *param)
{
	return arm(text, spin_at_hit);
}
PARAM(spin_at);

static int hard_at_set(const char *text, const struct kernel_param *param)
{
	at.detector = find("watchdog_overflow_callback");
	return at.detector ? arm(text, hard_at_hit) : -ENOENT;
}
PARAM(hard_at);

static int lock_set(const char *text, const struct kernel_param *param)
{
	hrtimer_init(&at.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	at.timer.function = lock_free;
	at.nfsd_files = find("nfsd_file_lru");
	return arm(text, lock_hit);
}
PARAM(lock);

/* --- memory --------------------------------------------------------------------------
 */

/* Each block holds the address of the one before. */
static void exhaust(gfp_t how, unsigned int order)
{
	unsigned long *last = NULL, *block;

	while ((block = (void *)__get_free_pages(how, order))) {
		*block = (unsigned long)last;
		last = block;
	}
	while (last) {
		block = (void *)*last;
		free_pages((unsigned long)last, order);
		last = block;
	}
}

static int alloc_set(const char *text, const struct kernel_param *param)
{
	unsigned int order;
	int r = kstrtouint(text, 0, &order);

	if (r == 0)
		exhaust(GFP_KERNEL | __GFP_NORETRY, order);
	return r;
}
PARAM(alloc);

static int alloc_at_hit(struct kprobe *probe, struct pt_regs *regs)
{
	if (is_first_hit())
		exhaust(GFP_ATOMIC, at.seconds);
	return 0;
}

static int alloc_at_set(const char *text, const struct kernel_param *param)
{
	return arm(text, alloc_at_hit);
}
PARAM(alloc_at);

static unsigned int atomic_order;

static void atomic_fired(struct timer_list *timer)
{
	exhaust(GFP_ATOMIC, atomic_order);
}
static DEFINE_TIMER(atomic_timer, atomic_fired);

static int atomic_set_order(const char *text, const struct kernel_param *param)
{
	int r = kstrtouint(text, 0, &atomic_order);

	if (r == 0)
		mod_timer(&atomic_timer, jiffies + 1);
	return r;
}
static const struct kernel_param_ops atomic_ops = {.set = atomic_set_order};
module_param_cb(atomic, &atomic_ops, NULL, 0200);

/* --- network -------------------------------------------------------------------------
 */

static struct net_device *netdev;

static netdev_tx_t netdev_xmit(struct sk_buff *skb, struct net_device *dev)
{
	netif_stop_queue(dev);
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static void netdev_timeout(struct net_device *dev, unsigned int queue)
{
	netif_wake_queue(dev);
}

static const struct net_device_ops netdev_ops = {
	.ndo_start_xmit = netdev_xmit,
	.ndo_tx_timeout = netdev_timeout,
};

static int netdev_set(const char *text, const struct kernel_param *param)
{
	int r;

	if (netdev)
		return -EBUSY;
	netdev = alloc_etherdev(0);
	if (!netdev)
		return -ENOMEM;
	netdev->netdev_ops = &netdev_ops;
	netdev->watchdog_timeo = 5 * HZ;
	eth_hw_addr_random(netdev);
	r = register_netdev(netdev);
	if (r < 0) {
		free_netdev(netdev);
		netdev = NULL;
	}
	return r;
}
PARAM(netdev);

static int __init stage_init(void)
{
	return 0;
}

static void __exit stage_exit(void)
{
	if (at.probe.addr)
		unregister_kprobe(&at.probe);
	del_timer_sync(&atomic_timer);
	if (netdev) {
		unregister_netdev(netdev);
		free_netdev(netdev);
	}
}

module_init(stage_init);
module_exit(stage_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("faults for the test VM of hosttune");

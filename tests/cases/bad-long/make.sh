# letters N: as many
letters() { head -c "$1" /dev/zero | tr '\0' a; }
{
	echo 'sysctl:'
	echo "  vm.$(letters 126): 1"
	echo "  kernel.core_pattern: $(letters 4097)"
	echo 'storage:'
	echo "  - {name: data, mount: /mnt/$(letters 4096)}"
	echo 'settings:'
	echo "  motd: {$(letters 255): x}"
} >>profile.yaml

# The configuration of the image of one architecture.
include "labels";
{
	architecture: $arch,
	os: "linux",
	created: $created,
	config: {
		Entrypoint: ["/usr/bin/hosttune"],
		Env: ["PATH=/usr/sbin:/usr/bin"],
		WorkingDir: "/",
		Labels: labels
	},
	rootfs: {type: "layers", diff_ids: [$diff]},
	history: [{created: $created, created_by: "packaging/image/build.sh"}]
}

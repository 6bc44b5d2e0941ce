# The labels of the image, and the annotations of its index.
def runtime_licence: "GPL-3.0-or-later WITH GCC-exception-3.1";
def labels: {
	"org.opencontainers.image.title": "hosttune",
	"org.opencontainers.image.description": "Make a Linux node match a YAML profile",
	"org.opencontainers.image.version": $version,
	"org.opencontainers.image.revision": $commit,
	"org.opencontainers.image.created": $created,
	"org.opencontainers.image.licenses":
		(["(Apache-2.0 OR MIT)", runtime_licence] + ($licences[0] | add) | unique | join(" AND "))
};

# The labels of the image, and the annotations of its index.
def labels: {
	"org.opencontainers.image.title": "hosttune",
	"org.opencontainers.image.description": "Make a Linux node match a YAML profile",
	"org.opencontainers.image.version": $version,
	"org.opencontainers.image.revision": $commit,
	"org.opencontainers.image.created": $created,
	"org.opencontainers.image.licenses": "(Apache-2.0 OR MIT) AND BSD-2-Clause AND BSD-3-Clause AND GPL-2.0-only AND GPL-2.0-or-later AND LGPL-2.1-or-later AND MIT AND Zlib AND curl"
};

# The SBOM: the image, hosttune, the packages that are linked into it, and those beside it.
include "labels";
{
	curl: "curl", jansson: "MIT", kmod: "LGPL-2.1-or-later", libarchive: "BSD-2-Clause",
	libblkid1: "LGPL-2.1-or-later", libc6: "LGPL-2.1-or-later", libinih1: "BSD-3-Clause",
	"libmnl-dev": "LGPL-2.1-or-later", libudev1: "LGPL-2.1-or-later", liburcu8: "LGPL-2.1-or-later",
	libuuid1: "BSD-3-Clause", libyaml: "MIT", mdadm: "GPL-2.0-or-later", musl: "MIT",
	"util-linux": "LGPL-2.1-or-later", xfsprogs: "GPL-2.0-only", zlib: "Zlib"
} as $licences
| def package: {
	versionInfo: $version, downloadLocation: "NOASSERTION", filesAnalyzed: false,
	licenseConcluded: "NOASSERTION", copyrightText: "NOASSERTION"
};
def debian:
	(.path | capture("(?<name>[^_/]+)_(?<of>[^_]+?)(_(?<arch>amd64|arm64))?\\.(dsc|deb)$")) as $file
	| package + {
		SPDXID: "SPDXRef-\($file.name)\(if $file.arch then "-" + $file.arch else "" end)",
		name: $file.name, versionInfo: $file.of, sourceInfo: "Debian: pool/\(.path)",
		licenseDeclared: ($licences[$file.name] // error("sbom.jq: \($file.name): unknown licence")),
		checksums: [{algorithm: "SHA256", checksumValue: .sum}],
		externalRefs: [{
			referenceCategory: "PACKAGE-MANAGER", referenceType: "purl",
			referenceLocator: "pkg:deb/debian/\($file.name)@\($file.of | @uri)?arch=\($file.arch // "source")"
		}]
	};
def relation($from; $type; $to):
	{spdxElementId: "SPDXRef-\($from)", relationshipType: $type, relatedSpdxElement: $to};
{
	spdxVersion: "SPDX-2.3",
	dataLicense: "CC0-1.0",
	SPDXID: "SPDXRef-DOCUMENT",
	name: "hosttune-\($version)",
	documentNamespace: "https://registry.example.com/hosttune/spdx/\($index)",
	creationInfo: {created: $created, creators: ["Tool: packaging/image/build.sh"]},
	packages: ([
		package + {
			SPDXID: "SPDXRef-image", name: "hosttune image", primaryPackagePurpose: "CONTAINER",
			licenseDeclared: labels["org.opencontainers.image.licenses"],
			checksums: [{algorithm: "SHA256", checksumValue: $index}]
		},
		package + {
			SPDXID: "SPDXRef-hosttune", name: "hosttune", sourceInfo: "commit \($commit)",
			licenseDeclared: "Apache-2.0 OR MIT"
		}
	] + [$sources[0][] | debian]),
	relationships: ([
		relation("DOCUMENT"; "DESCRIBES"; "SPDXRef-image"),
		relation("image"; "CONTAINS"; "SPDXRef-hosttune")
	] + [$sources[0][] | debian.SPDXID as $id |
		if .list == "sources" then relation("hosttune"; "STATIC_LINK"; $id) else relation("image"; "CONTAINS"; $id) end])
}

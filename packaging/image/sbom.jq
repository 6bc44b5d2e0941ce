# The SBOM: the image, hosttune, the packages that are linked into it, and those beside it. A licence
# is that of what the image has of a package (licence-names.sh).
include "labels";
def package: {
	versionInfo: $version, downloadLocation: "NOASSERTION", filesAnalyzed: false,
	licenseConcluded: "NOASSERTION", copyrightText: "NOASSERTION"
};
def debian:
	(.path | capture("(?<name>[^_/]+)_(?<of>[^_]+?)(_(?<arch>amd64|arm64))?\\.(dsc|deb)$")) as $file
	| package + {
		SPDXID: "SPDXRef-\($file.name)\(if $file.arch then "-" + $file.arch else "" end)",
		name: $file.name, versionInfo: $file.of, sourceInfo: "Debian: pool/\(.path)",
		licenseDeclared: ($licences[0][$file.name] // error("sbom.jq: \($file.name): unknown licence") | join(" AND ")),
		checksums: [{algorithm: "SHA256", checksumValue: .sum}],
		externalRefs: [{
			referenceCategory: "PACKAGE-MANAGER", referenceType: "purl",
			referenceLocator: "pkg:deb/debian/\($file.name)@\($file.of | @uri)?arch=\($file.arch // "source")"
		}]
	};
def runtime: package + {
	SPDXID: "SPDXRef-\(.package)-\(.arch)", name: .package, versionInfo: .version,
	sourceInfo: "the compiler of the build", licenseDeclared: runtime_licence
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
	] + [$sources[0][] | debian] + [$runtimes[0][] | runtime]),
	relationships: ([
		relation("DOCUMENT"; "DESCRIBES"; "SPDXRef-image"),
		relation("image"; "CONTAINS"; "SPDXRef-hosttune")
	] + [$runtimes[0][] | relation("hosttune"; "STATIC_LINK"; runtime.SPDXID)] + [$sources[0][] | debian.SPDXID as $id |
		if .list == "sources" then relation("hosttune"; "STATIC_LINK"; $id) else relation("image"; "CONTAINS"; $id) end])
}

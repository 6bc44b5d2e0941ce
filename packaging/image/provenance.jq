# What was built, and from what: an in-toto statement with SLSA's provenance, version 1.
{
	_type: "https://in-toto.io/Statement/v1",
	subject: ([{name: "hosttune:\($version)", digest: {sha256: $index}}]
		+ [$manifests[] | {name: "hosttune:\($version) linux/\(.platform.architecture)",
			digest: {sha256: (.digest | ltrimstr("sha256:"))}}]),
	predicateType: "https://slsa.dev/provenance/v1",
	predicate: {
		buildDefinition: {
			buildType: "make image",
			externalParameters: {version: $version, architectures: [$manifests[].platform.architecture]},
			internalParameters: {SOURCE_DATE_EPOCH: ($epoch | tonumber), tools: ($tools | split("\n"))},
			resolvedDependencies: ([{name: "hosttune", digest: {gitCommit: $commit}}]
				+ [$sources[0][] | {name: "pool/\(.path)", digest: {sha256: .sum}}])
		},
		runDetails: {builder: {id: "packaging/image/build.sh"}}
	}
}

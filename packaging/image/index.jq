# The index: a manifest for each architecture.
include "labels";
{
	schemaVersion: 2,
	mediaType: "application/vnd.oci.image.index.v1+json",
	manifests: $manifests,
	annotations: labels
}

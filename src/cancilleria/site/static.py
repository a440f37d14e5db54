"""Static files under hashed names, imports inside JavaScript modules included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A module's `import … from "./other.js"` follows the hashed name, so that files may be cached for ever."""

    support_js_module_import_aggregation = True
    manifest_strict = False

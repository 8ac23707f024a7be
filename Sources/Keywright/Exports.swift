// The types of fields stand in generated interfaces, so whoever imports the runtime sees them.
@_exported public import KeywrightDefinition

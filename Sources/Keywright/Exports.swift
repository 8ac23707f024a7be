// Fields' types stand in generated interfaces, requests in the runtime's: whoever imports it sees both.
@_exported public import HTTPTypes
@_exported public import KeywrightDefinition

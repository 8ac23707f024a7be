// error: type 'Salesforce.Environment?' has no member 'staging'
import Keywright
import KeywrightS

func flow() -> any Sendable { Salesforce().oauth(environment: .staging) }

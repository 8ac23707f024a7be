import Keywright
import KeywrightS

func flow() -> any Sendable { Salesforce().oauth(environment: .sandbox) }

import Keywright
import KeywrightZ
import NotebookProvider

func log(_ secret: Secret) -> String { "the secret is \(secret.isEmpty ? "empty" : "set")" }

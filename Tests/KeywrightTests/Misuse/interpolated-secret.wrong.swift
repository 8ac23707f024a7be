// error: 'appendInterpolation' is deprecated: a Secret is not interpolated; reveal() gives its text [#DeprecatedDeclaration]
import Keywright
import KeywrightZ
import NotebookProvider

func log(_ secret: Secret) -> String { "the secret is \(secret)" }

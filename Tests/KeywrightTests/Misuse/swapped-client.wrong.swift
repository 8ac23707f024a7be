// error: argument 'secret' must precede argument 'id'
import Keywright
import KeywrightZ
import NotebookProvider

func client(_ id: String, _ secret: Secret) -> OAuthClient { OAuthClient(id: secret, secret: id) }

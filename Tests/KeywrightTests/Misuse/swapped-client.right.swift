import Keywright
import KeywrightZ
import NotebookProvider

func client(_ id: String, _ secret: Secret) -> OAuthClient { OAuthClient(id: id, secret: secret) }

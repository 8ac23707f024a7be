// error: missing argument for parameter 'subdomain' in call
import Keywright
import KeywrightZ
import NotebookProvider

let desk = Zendesk()

import Keywright
import KeywrightZ
import NotebookProvider

struct Old { static var keywrightFormat: GeneratedFormat.V1 { .init() } }

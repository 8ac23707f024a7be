// error: cannot convert return expression of type 'Secret?' to return type 'String?'
import Keywright

func token(of credential: Credential) -> String? { credential.accessToken }

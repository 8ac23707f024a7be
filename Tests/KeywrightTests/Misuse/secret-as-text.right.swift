import Keywright

func token(of credential: Credential) -> String? { credential.accessToken?.reveal() }

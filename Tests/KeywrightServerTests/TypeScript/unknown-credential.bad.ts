// Did you mean to write 'api_key'?
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("openai", { credentials: { apikey: "sk" } });

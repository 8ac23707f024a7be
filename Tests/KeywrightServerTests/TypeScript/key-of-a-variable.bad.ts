// Argument of type 'string' is not assignable to parameter of type 'IntegrationKey'.
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
declare const key: string;
keywright.auth(key, { params: {} });

// error TS2345: Argument of type '{ publicKey: string; connectSessionToken: string; }' is not assignable to parameter of type 'ClientOptions'.
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
new Keywright({ publicKey: "kw_pk_1", connectSessionToken: "t" });

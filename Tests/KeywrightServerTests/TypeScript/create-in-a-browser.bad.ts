// error TS2345: Argument of type 'string' is not assignable to parameter of type 'string & { readonly [unchecked]: true; }'.
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.create("dropbox");

// error TS2339: Property 'accessToken' does not exist on type 'Connected'.
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("github").then((connection) => connection.accessToken);

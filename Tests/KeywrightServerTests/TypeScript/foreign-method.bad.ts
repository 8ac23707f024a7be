// Type '"oauht"' does not satisfy the constraint '"oauth" | "api-token"'.
import { Keywright, type Integration } from "keywright";

declare module "keywright" {
  interface Integrations {
    "other-desk": Integration<"zendesk", "oauht">;
  }
}

import type { Providers } from "./providers.js";

export type { Providers };

/** One way of connecting, as `providers.d.ts` has it. */
export interface Method {
  /** Whether a window is opened. */
  browser: boolean;
  params: object;
  credentials: object;
  hints: object;
  scopes: string;
}

/**
 * An integration of a provider; of any of its methods, or of the one that it has.
 *
 *     declare module "keywright" {
 *       interface Integrations { "my-desk": Integration<"a-provider", "oauth"> }
 *     }
 */
export type Integration<P extends keyof Providers, M extends keyof Providers[P] = keyof Providers[P]> = Providers[P][M];

type OwnNames = { [P in keyof Providers]: Integration<P> };

/** The integrations by their keys: those that are called as their provider, and those that an app adds. */
export interface Integrations extends OwnNames {}

declare const unchecked: unique symbol;

/** A key that is only known when the program runs: `key as AnyIntegration`. What goes with it is not checked. */
export type AnyIntegration = string & { readonly [unchecked]: true };

export type IntegrationKey = (keyof Integrations & string) | AnyIntegration;

/** What every call takes. */
export interface CommonOptions {
  /** The backend's hex(HMAC-SHA256(key, "integration:connection_id")), where the environment demands it. */
  hmac?: string;
  /** Ends it: no connection comes of it any more. */
  signal?: AbortSignal;
  /** Milliseconds for all of it; a little more than a flow's ten minutes unless said. */
  timeout?: number;
}

/** What a call takes that opens a window, or leaves the page. */
export interface BrowserOptions extends CommonOptions {
  /** `popup` unless said. */
  mode?: "popup" | "redirect";
  /** Where a redirect comes back to, in one of the environment's allowed origins; this page unless said. */
  returnURL?: string;
  credentials?: undefined;
}

type Empty<T> = {} extends T ? true : false;
type Group<N extends string, T> = Empty<T> extends true ? { [K in N]?: T } : { [K in N]: T };

type InBrowser<M> = M extends Method & { browser: true }
  ? BrowserOptions & Group<"params", M["params"]> & { scopes?: readonly M["scopes"][]; hints?: Partial<M["hints"]> }
  : never;

type FilledIn<M> = M extends Method & { browser: false }
  ? CommonOptions & Group<"params", M["params"]> & Group<"credentials", M["credentials"]>
  : never;

/** Where there are credentials, they are what makes it a call without a window. */
type WithCredentials<M> = M extends Method ? (Empty<M["credentials"]> extends true ? never : FilledIn<M>) : never;

interface Unchecked {
  params?: Record<string, unknown>;
  hints?: Record<string, unknown>;
  scopes?: readonly string[];
  hmac?: string;
  credentials?: Record<string, unknown>;
  signal?: AbortSignal;
  mode?: "popup" | "redirect";
  returnURL?: string;
  timeout?: number;
}

/** What `auth` takes for an integration. */
export type AuthOptions<K extends IntegrationKey> = K extends keyof Integrations
  ? InBrowser<Integrations[K]> | WithCredentials<Integrations[K]>
  : Unchecked;

/** What `create` takes for an integration. */
export type CreateOptions<K extends IntegrationKey> = K extends keyof Integrations ? FilledIn<Integrations[K]> : Unchecked;

/** What `reconnect` takes: the connection knows the rest. */
export type ReconnectOptions<K extends IntegrationKey> = AuthOptions<K> extends infer O
  ? O extends { params?: infer P; credentials?: infer C }
    ? Omit<O, "params" | "credentials"> & { params?: Partial<P>; credentials?: C }
    : O
  : never;

/** The integrations that ask nothing, and so may be called with nothing. */
export type BareAuthKey = { [K in IntegrationKey]: {} extends AuthOptions<K> ? K : never }[IntegrationKey];
export type BareCreateKey = { [K in IntegrationKey]: {} extends CreateOptions<K> ? K : never }[IntegrationKey];

export interface Connected {
  /** The integration's key. */
  providerConfigKey: string;
  connectionId: string;
}

export interface ErrorDetail {
  code: string;
  message: string;
  /** Where in the input, outermost first. */
  path: string[];
}

/** Codes of the SDK's own; the server has others, such as `access_denied` and `expired_flow`. */
export type OwnCode =
  | "aborted" | "blocked_by_browser" | "embedding_failed" | "invalid_options" | "network_error"
  | "session_token_failed" | "timeout" | "turned_back" | "unknown_ticket" | "window_closed";

/** Why there is no connection. */
export class KeywrightError extends Error {
  readonly name: "KeywrightError";
  /** Stable, and safe to branch on. */
  readonly code: OwnCode | (string & {});
  /** What to do now. */
  readonly next: string;
  readonly details: readonly ErrorDetail[];
  readonly cause?: unknown;
  /** With `blocked_by_browser`: for a link. */
  readonly url?: string;
  /** With `blocked_by_browser`: opens the window in another click. */
  readonly open?: () => Promise<Connected>;
  /** With `blocked_by_browser`: waits for a window that a link opens. */
  readonly wait?: () => Promise<Connected>;
}

export interface CommonClientOptions {
  /** The server's public URL; where the module was loaded from, unless said. */
  host?: string;
  /** Of windows, in pixels. */
  width?: number;
  height?: number;
}

export type ClientOptions = CommonClientOptions &
  (
    | { publicKey: string; connectSessionToken?: undefined; sessionToken?: undefined }
    | { connectSessionToken: string; publicKey?: undefined; sessionToken?: undefined }
    | { sessionToken: () => string | Promise<string>; publicKey?: undefined; connectSessionToken?: undefined }
  );

export type ConnectUIEvent =
  | { type: "ready" | "close" }
  | ({ type: "connect" } & Connected)
  | { type: "error"; code: string; message: string; next?: string };

export interface ConnectUIOptions {
  sessionToken?: string | (() => string | Promise<string>);
  integration?: string;
  onEvent?: (event: ConnectUIEvent) => void;
  container?: Element;
}

export interface KeywrightEvents {
  opened: CustomEvent<{ integration: string }>;
  /** A window may be closed; where that is not certain, offer to cancel. */
  closed_hint: CustomEvent<{ integration: string; isCertain: boolean }>;
  connect: CustomEvent<Connected>;
  error: CustomEvent<KeywrightError>;
}

/** A client of one server. */
export class Keywright extends EventTarget {
  constructor(options: ClientOptions);

  /** Connects an account: in a window, or without one where `credentials` are given. Call it in the click itself. */
  auth<K extends IntegrationKey>(integration: K, connectionId: string, options: AuthOptions<K>): Promise<Connected>;
  auth<K extends IntegrationKey>(integration: K, options: AuthOptions<K>): Promise<Connected>;
  auth<K extends BareAuthKey>(integration: K, connectionId?: string): Promise<Connected>;

  /** Connects an account that needs no browser. */
  create<K extends IntegrationKey>(integration: K, connectionId: string, options: CreateOptions<K>): Promise<Connected>;
  create<K extends IntegrationKey>(integration: K, options: CreateOptions<K>): Promise<Connected>;
  create<K extends BareCreateKey>(integration: K, connectionId?: string): Promise<Connected>;

  /** Connects the account of a connection anew; the client's session says which. */
  reconnect<K extends IntegrationKey>(integration: K, options?: ReconnectOptions<K>): Promise<Connected>;

  /** Goes on after `mode: "redirect"`; null where nothing was begun, or the person turned back. */
  resume(): Promise<Connected | null>;

  /** Shows the server's page for connecting over the app's own; one that does not come ends as `embedding_failed`. */
  openConnectUI(options?: ConnectUIOptions): { close(): void };

  addEventListener<E extends keyof KeywrightEvents>(
    type: E, listener: (event: KeywrightEvents[E]) => void, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions,
  ): void;

  removeEventListener<E extends keyof KeywrightEvents>(
    type: E, listener: (event: KeywrightEvents[E]) => void, options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions,
  ): void;
}

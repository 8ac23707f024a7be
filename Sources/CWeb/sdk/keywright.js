export class Keywright {}

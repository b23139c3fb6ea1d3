/** Leaves zeros where the secrets were; what has copies elsewhere stays there (docs/threat-model.md). */
export function forget(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

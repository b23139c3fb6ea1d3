const ATTEMPTS = 16;

/**
 * A key pair of WebCrypto's. WebKitGTK (2.50) throws an OperationError for about one new pair in a hundred, those with a
 * leading zero octet, so a pair is asked for again.
 */
export async function generateCurveKeys(
  algorithm: "Ed25519" | "X25519",
  extractable: boolean,
  usages: ("sign" | "verify" | "deriveBits")[],
): Promise<CryptoKeyPair> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await crypto.subtle.generateKey(algorithm, extractable, usages)) as CryptoKeyPair;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

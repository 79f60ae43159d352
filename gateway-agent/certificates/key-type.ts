// Names the kind of a key and says whether it is fit for TLS.
import type { KeyObject } from 'node:crypto';

/** CA/Browser Forum baseline requirements §6.1.5: nothing shorter is issued since 2014. */
const shortestRsaBits = 2048;

/** Curves that TLS 1.3 signs with (RFC 8446 §4.2.3), by OpenSSL's names. */
const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** 'RSA 2048', 'EC P-256', 'Ed25519'; other kinds by OpenSSL's own name. */
export function keyTypeOf(key: KeyObject): string {
  const details = key.asymmetricKeyDetails;
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return `RSA ${details?.modulusLength ?? '?'}`;
    case 'rsa-pss':
      return `RSA-PSS ${details?.modulusLength ?? '?'}`;
    case 'ec':
      return `EC ${curves[details?.namedCurve ?? ''] ?? details?.namedCurve ?? '?'}`;
    case 'ed25519':
      return 'Ed25519';
    default:
      return (key.asymmetricKeyType ?? 'unknown').toUpperCase();
  }
}

/** Why a TLS server should not use this key, as the end of a sentence; null when it may. */
export function weaknessOf(key: KeyObject): string | null {
  const details = key.asymmetricKeyDetails;
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return (details?.modulusLength ?? 0) < shortestRsaBits
        ? `has only ${details?.modulusLength ?? 0} bits; RSA needs at least ${shortestRsaBits}`
        : null;
    case 'ec':
      return details?.namedCurve !== undefined && details.namedCurve in curves
        ? null
        : `is on the curve ${details?.namedCurve ?? '(unnamed)'}; mail clients take P-256, P-384 and P-521`;
    case 'ed25519':
      return null;
    default:
      return `is of the kind ${keyTypeOf(key)}, which mail clients do not take`;
  }
}

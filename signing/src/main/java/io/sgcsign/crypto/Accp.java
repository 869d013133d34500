// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.Provider;
import java.util.Optional;

/**
 * The only class that names the Amazon Corretto Crypto Provider. Its jar is optional and its
 * library exists for few platforms, so linking this class or running {@link #load} may fail.
 */
final class Accp {
  private Accp() {}

  /** The provider if its library loads and its self-tests pass. */
  static Optional<Provider> load() {
    var provider = AmazonCorrettoCryptoProvider.INSTANCE;
    boolean usable =
        provider.getLoadingError() == null && provider.runSelfTests() == SelfTestStatus.PASSED;
    return usable ? Optional.of(provider) : Optional.empty();
  }
}

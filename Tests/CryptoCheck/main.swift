// Calls every function of KeywrightCrypto with every length up to 300 and with odd inputs. It is compiled together with
// its sources under the address sanitizer, which ends it at the first byte that is read or written out of place.
//
// With `overflow` it does that itself, so that a test can see the sanitizer at work; with `leak` it loses memory.

/// Bytes of a buffer of exactly that size: an array that grew has room behind its end.
func bytes(_ count: Int, from first: Int = 1) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    for index in 0..<count { buffer[index] = UInt8(truncatingIfNeeded: first &+ index &* 31) }
    initialized = count
  }
}

/// The calls, and how many there were.
struct Calls {
  private(set) var calls = 0

  /// Counts a call, and ends the program where it did not do what it should.
  mutating func check(_ isRight: Bool, _ what: String) {
    calls += 1
    guard isRight else { fatalError(what) }
  }

  mutating func checkDigests() {
    for algorithm in DigestAlgorithm.allCases {
      for count in 0...300 {
        check(digest(bytes(count), algorithm).count == algorithm.byteCount, "digest of \(count)")
        for length in [0, 1, 63, 64, 65, 127, 128, 129, count] {
          let code = authenticationCode(for: bytes(count), key: bytes(length), algorithm)
          check(code.count == algorithm.byteCount, "code of \(count) under \(length)")
        }
      }
    }
  }

  mutating func checkConstantTime() {
    for count in 0...300 {
      check(isEqualInConstantTime(bytes(count), bytes(count)), "equal at \(count)")
      check(!isEqualInConstantTime(bytes(count), bytes(count + 1)), "a byte more than \(count)")
      check(!isEqualInConstantTime(bytes(count + 1), bytes(count)), "a byte less than \(count)")
      check(count == 0 || !isEqualInConstantTime(bytes(count), bytes(count, from: 2)), "\(count)")
    }
  }

  mutating func checkRandomBytes() throws {
    for count in 0...300 { check(try randomBytes(count).count == count, "\(count) random bytes") }
    for count in [-1, Int.min, Int.max, 1 << 31] {
      check((try? randomBytes(count)) == nil, "\(count) random bytes")
    }
  }

  mutating func checkSealing() throws {
    let cipher = try AESGCM(key: bytes(32))
    let nonce = bytes(12)
    for count in 0...300 {
      for length in [0, 1, 15, 16, 17, count] {
        let (text, additional) = (bytes(count), bytes(length, from: 7))
        let sealed = try cipher.seal(text, nonce: nonce, authenticating: additional)
        check(sealed.count == count + AESGCM.tagByteCount, "sealed \(count)")
        let opened = try cipher.open(sealed, nonce: nonce, authenticating: additional)
        check(opened == text, "opened \(count)")
        var changed = sealed
        changed[sealed.count - 1] ^= 1
        for other in [changed, sealed + [0], Array(sealed.dropFirst())] {
          let opened = try cipher.open(other, nonce: nonce, authenticating: additional)
          check(opened == nil, "opened another \(count)")
        }
      }
    }
    let sealed = try cipher.seal(bytes(300), nonce: nonce)
    for count in 0..<sealed.count {
      check(try cipher.open(Array(sealed.prefix(count)), nonce: nonce) == nil, "cut at \(count)")
    }
    for count in 0...300 where count != AESGCM.nonceByteCount {
      check((try? cipher.seal(bytes(9), nonce: bytes(count))) == nil, "a nonce of \(count)")
      check((try? cipher.open(sealed, nonce: bytes(count))) == nil, "a nonce of \(count)")
    }
    for count in 0...300 where count != AESGCM.keyByteCount {
      check((try? AESGCM(key: bytes(count))) == nil, "a key of \(count)")
    }
  }
}

var made = Calls()
switch CommandLine.arguments.dropFirst().first {
case "overflow":
  let place = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
  print(place[16 + made.calls])
case "leak":
  for count in 1...100 { _ = UnsafeMutablePointer<Int>.allocate(capacity: count) }
default:
  made.checkDigests()
  made.checkConstantTime()
  try made.checkRandomBytes()
  try made.checkSealing()
  print("\(made.calls) calls")
}

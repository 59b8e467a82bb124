/// Whether two byte strings are equal, in a time that depends on their lengths only.
///
/// A comparison that stops at the first difference tells an attacker how much of a guess was right.
package func isEqualInConstantTime(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
    var difference: UInt8 = 0
    var leftBytes = left.makeIterator()
    var rightBytes = right.makeIterator()
    while true {
        switch (leftBytes.next(), rightBytes.next()) {
        case (let first?, let second?): difference |= first ^ second
        case (nil, nil): return difference == 0
        default: return false
        }
    }
}

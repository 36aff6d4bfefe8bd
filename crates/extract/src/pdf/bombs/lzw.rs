//! Counts what data packed by LZW holds, without unpacking it.

const CLEAR: usize = 256;
const END: usize = 257;

/// Codes have 9 to 12 bits.
const MAX_CODES: usize = 4_096;

/// How many bytes there are. Codes grow one earlier than they must unless `is_early` is false.
pub fn size(packed: &[u8], is_early: bool) -> u64 {
    let mut lengths: Vec<u64> = vec![1; END + 1];
    let (mut size, mut last) = (0, None);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in packed {
        (bits, count) = (bits << 8 | u32::from(*byte), count + 8);
        let width = (lengths.len() + usize::from(is_early)).clamp(CLEAR, MAX_CODES - 1).ilog2() + 1;
        if count < width {
            continue;
        }
        count -= width;
        let code = usize::try_from(bits >> count).unwrap_or(END);
        bits &= (1 << count) - 1;
        if code == CLEAR {
            lengths.truncate(END + 1);
            last = None;
            continue;
        }
        let known = lengths.get(code).copied().or_else(|| last.map(|last| last + 1).filter(|_| code == lengths.len()));
        let Some(length) = known.filter(|_| code != END) else { break };
        size += length;
        if let Some(last) = last.filter(|_| lengths.len() < MAX_CODES) {
            lengths.push(last + 1);
        }
        last = Some(length);
    }
    size
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn the_example_of_the_standard_has_its_size() {
        // ISO 32000-1, 7.4.4.2: 45 45 45 45 45 65 45 45 45 66.
        assert_eq!(size(&[0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01], true), 10);
    }
}

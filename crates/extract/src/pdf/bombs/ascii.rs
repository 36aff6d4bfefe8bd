//! Reads bytes that are written as signs of ASCII.

/// Two digits a byte, up to `>`.
pub fn hex(text: &[u8]) -> Vec<u8> {
    let signs = text.iter().take_while(|sign| **sign != b'>');
    let digits: Vec<u8> = signs.filter_map(|sign| digit(*sign)).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect()
}

fn digit(sign: u8) -> Option<u8> {
    match sign {
        b'0'..=b'9' => Some(sign - b'0'),
        b'a'..=b'f' => Some(sign - b'a' + 10),
        b'A'..=b'F' => Some(sign - b'A' + 10),
        _ => None,
    }
}

/// Five signs for four bytes, `z` for four zeros, up to `~`.
pub fn base_85(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 5 * 4 + 4);
    let mut group = Vec::with_capacity(5);
    for sign in text.iter().take_while(|sign| **sign != b'~') {
        match sign {
            b'z' if group.is_empty() => bytes.extend([0; 4]),
            b'!'..=b'u' => group.push(sign - b'!'),
            _ => {}
        }
        if group.len() == 5 {
            bytes.extend(number(&group).to_be_bytes());
            group.clear();
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        bytes.extend(&number(&group).to_be_bytes()[..kept]);
    }
    bytes
}

fn number(group: &[u8]) -> u32 {
    group.iter().fold(0_u32, |number, digit| number.wrapping_mul(85).wrapping_add(u32::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::{base_85, hex};

    #[test]
    fn bytes_come_back() {
        assert_eq!(hex(b"48 65\n6c6C6f7>zz"), b"Hellop");
        assert_eq!(base_85(b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(base_85(b"z87cUR~>"), b"\0\0\0\0Hell");
        assert_eq!(base_85(b"87cURDZ~>"), b"Hello");
    }
}

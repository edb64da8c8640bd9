//! The messages `Event` and `Summary` of TensorBoard's protocol buffers, in the few fields that scalars need:
//! `Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5;
//! SessionLog session_log = 7; }`,
//! `Summary { repeated Value value = 1; }`, `Value { string tag = 1; float simple_value = 2; }`,
//! `SessionLog { SessionStatus status = 1; }`, whose `START` is 1.

/// How a field is laid out.
#[derive(Clone, Copy)]
enum Wire {
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    Fixed32 = 5,
}

/// The first event of a file.
pub(super) fn version(time: f64) -> Vec<u8> {
    let mut event = Vec::new();
    fixed_64(&mut event, 1, time);
    bytes(&mut event, 3, b"brain.Event:2");
    event
}

/// A run starts, or starts again, with a step: what was written of it and of later ones before does not count.
pub(super) fn start(time: f64, step: u64) -> Vec<u8> {
    let mut event = at(time, step);
    bytes(&mut event, 7, &[1 << 3, 1]);
    event
}

/// Numbers of one step.
pub(super) fn scalars<'a>(time: f64, step: u64, values: impl IntoIterator<Item = (&'a str, f32)>) -> Vec<u8> {
    let mut summary = Vec::new();
    for (tag, value) in values {
        let mut message = Vec::new();
        bytes(&mut message, 1, tag.as_bytes());
        key(&mut message, 2, Wire::Fixed32);
        message.extend(value.to_le_bytes());
        bytes(&mut summary, 1, &message);
    }
    let mut event = at(time, step);
    bytes(&mut event, 5, &summary);
    event
}

/// An event without anything that happened.
fn at(time: f64, step: u64) -> Vec<u8> {
    let mut event = Vec::new();
    fixed_64(&mut event, 1, time);
    key(&mut event, 2, Wire::Varint);
    varint(&mut event, step);
    event
}

fn key(message: &mut Vec<u8>, field: u64, wire: Wire) {
    varint(message, field << 3 | wire as u64);
}

fn fixed_64(message: &mut Vec<u8>, field: u64, value: f64) {
    key(message, field, Wire::Fixed64);
    message.extend(value.to_le_bytes());
}

fn bytes(message: &mut Vec<u8>, field: u64, value: &[u8]) {
    key(message, field, Wire::Length);
    varint(message, value.len() as u64);
    message.extend_from_slice(value);
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value as u8 | 0x80);
        value >>= 7;
    }
    message.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By `tensorboard.compat.proto.event_pb2` of TensorBoard 2.21: `Event(wall_time=1.5, step=300,
    /// summary=Summary(value=[Summary.Value(tag="loss", simple_value=0.25)])).SerializeToString()`.
    #[test]
    fn messages_are_those_of_protobuf() {
        let expected =
            [9, 0, 0, 0, 0, 0, 0, 248, 63, 16, 172, 2, 42, 13, 10, 11, 10, 4, 108, 111, 115, 115, 21, 0, 0, 128, 62];
        assert_eq!(scalars(1.5, 300, [("loss", 0.25)]), expected);
        let expected =
            [9, 0, 0, 0, 0, 0, 0, 248, 63, 26, 13, 98, 114, 97, 105, 110, 46, 69, 118, 101, 110, 116, 58, 50];
        assert_eq!(version(1.5), expected);
        // session_log=SessionLog(status=SessionLog.START)
        assert_eq!(start(1.5, 300), [9, 0, 0, 0, 0, 0, 0, 248, 63, 16, 172, 2, 58, 2, 8, 1]);
    }
}

//! The picture of a history.

use glueproof::history::timeline;

use super::register::Op::{Read, Write};
use super::register::{Op, event, pending};

fn words(op: &Op) -> (String, String) {
    match op {
        Write(version) => (format!("put {version}"), "accepted".to_owned()),
        other => ("get".to_owned(), format!("{other:?}")),
    }
}

#[test]
fn every_client_has_a_lane_and_time_goes_down() {
    let history = [
        event(1, Write(1), 1_000_000, 3_000_000),
        event(2, Read(0), 2_000_000, 4_500_000),
        event(1, Read(1), 3_000_000, 5_000_000),
        pending(4, Write(2), 4_000_500),
    ];
    let expected = "        \
        ms  client 1    client 2   client 4
     0.000  ┌ put 1
     1.000  │           ┌ get
     2.000  └ accepted  │
     2.000  ┌ get       │
     3.000  │           │          ┌ put 2
     3.500  │           └ Read(0)  │
     4.000  └ Read(1)              │
                                   ╵ no answer
";
    assert_eq!(timeline(&history, words), expected);
}

#[test]
fn touching_intervals_of_two_clients_are_drawn_overlapping() {
    let picture = timeline(&[event(1, Write(1), 0, 1_000), event(2, Read(0), 1_000, 2_000)], words);
    let begins = picture.find("get").unwrap();
    assert!(begins < picture.find("accepted").unwrap(), "{picture}");
}

#[test]
fn hostile_and_long_labels_stay_in_their_lane() {
    let long = |_: &Op| ("\u{1b}[2J\n".to_owned() + &"x".repeat(100), "ok".to_owned());
    let picture = timeline(&[event(1, Write(1), 0, 1)], long);
    assert!(!picture.contains('\u{1b}') && picture.lines().count() == 3, "{picture}");
    assert!(picture.lines().all(|line| line.chars().count() <= 60), "{picture}");
}

#[test]
fn no_events_are_no_lanes() {
    assert_eq!(timeline(&[] as &[glueproof::history::Event<Op>], words), "        ms\n");
}

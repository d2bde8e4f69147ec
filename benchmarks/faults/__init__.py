"""What an index survives: `python -m benchmarks.faults` kills writers, fails writes, flips bytes, and prints tables.

- kills: a process that adds, updates, deletes, commits and merges is killed (SIGKILL) at a random moment, again and
  again, always on the same index; so is `index_paths` with two workers, or one of its workers, and the same making the
  index anew. Moments are spread evenly over the length of a whole run, measured before, and for each the table says
  what the run was doing. As the shortest phases are seldom hit so, a run is also killed at every step that touches
  the disk. Each time the index must open, hold just what was committed last, whole, and be sound.
- failed writes: every step that touches the disk is refused once, with no space, no permission, and a read-only disk;
  and for real, by the system, in the workers as well. The run must say so, and the index be as after a commit.
- flips: one byte in every part of a segment; `check` must name the part, and queries give what they gave or an error.
- readers: 8 processes search while 100 commits change every document; each answer must be of one commit.
"""

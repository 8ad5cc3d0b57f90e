package hub

import "maps"

// before is what a value was in an earlier state: the whole value, nil where there was none, or, with members, an
// object of which only these members were otherwise. It is not changed once it is shared, and never shares with the
// published tree: what it holds was taken out of that.
type before struct {
	value   any
	members map[string]*before
}

// since lets b, which leads from some state back to the one that a reader has, begin at the state that step leads
// back from. In other words b becomes "step, then b".
func (b *before) since(step *before) {
	for name, earlier := range step.members {
		known := b.members[name]
		switch {
		case known == nil: // untouched between the reader's state and the one that step leads to
			b.members[name] = earlier.copied()
		case known.members == nil: // the reader's value is known whole
		case earlier.members != nil:
			known.since(earlier)
		default: // step brings back the object of which known says what was otherwise
			b.members[name] = &before{value: known.restore(earlier.value)}
		}
	}
}

// copied copies the part that since may change.
func (b *before) copied() *before {
	if b.members == nil {
		return b
	}
	members := make(map[string]*before, len(b.members))
	for name, member := range b.members {
		members[name] = member.copied()
	}
	return &before{members: members}
}

// restore returns what value was before, and leaves value alone.
func (b *before) restore(value any) any {
	if b.members == nil {
		return b.value
	}
	now, _ := value.(Object) // since keeps members only where an object stood
	was := make(Object, len(now))
	maps.Copy(was, now)
	for name, member := range b.members {
		if old := member.restore(was[name]); old != nil {
			was[name] = old
		} else {
			delete(was, name)
		}
	}
	return was
}

// patchTo compares the earlier object with the one that it has become, and returns the merge patch that leads there.
// It looks only at what was touched.
func (b *before) patchTo(now Object) Object {
	patch := Object{}
	for name, member := range b.members {
		if member.members == nil {
			if p, differ := between(member.value, now[name]); differ {
				patch[name] = p
			}
			continue
		}
		object, _ := now[name].(Object) // as in restore
		if p := member.patchTo(object); len(p) > 0 {
			patch[name] = p
		}
	}
	return patch
}

// mostLags bounds how many versions a topic can lead forward from at a time. Each costs at most the memory of one
// state, and at each flush the work of what was dirty. Whoever falls behind beyond that gets a fresh snapshot.
const mostLags = 8

// lag is a version at which readers stopped, and how to get there from the published state.
type lag struct {
	have    uint64
	way     *before
	readers int
	body    []byte // the delta from have, encoded at bodyAt and shared by the readers
	bodyAt  uint64
}

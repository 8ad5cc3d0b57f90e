package hub

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"unicode/utf8"
)

// Object is a JSON object. Its values are strings, booleans and numbers (of named types too), Object and []any, never
// nil: a member without a value is not there.
type Object = map[string]any

// ValueError is a value that cannot be in a state, which is a mistake in the program. The value is left out.
type ValueError struct {
	Key  string // the member that held it, "" for the whole state
	Kind string // its Go type, or what is wrong with it
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("hub: member %q: a state cannot hold %s", e.Key, e.Kind)
}

// edit is what was done below one path since the last flush: the subtree replaced, or some of its members edited, or
// first the one and then the other.
type edit struct {
	replaced bool
	value    any // with replaced; nil is deleted
	// grown says that something was set below: what is here becomes an object if it is none.
	grown   bool
	members map[string]*edit
}

// at returns the edit of the path below e and makes the steps to it.
func (e *edit) at(path []string, grow bool) *edit {
	for _, key := range path {
		if grow {
			e.grown = true
		}
		next := e.members[key]
		if next == nil {
			next = &edit{}
			if e.members == nil {
				e.members = make(map[string]*edit)
			}
			e.members[key] = next
		}
		e = next
	}
	return e
}

func (e *edit) replace(value any) {
	*e = edit{replaced: true, value: value}
}

// over returns what e makes of base, which it leaves alone. What it returns may share with base.
func (e *edit) over(base any) any {
	if e.replaced {
		base = e.value
	}
	if len(e.members) == 0 {
		return base
	}
	old, isObject := base.(Object)
	if !isObject && !e.grown {
		return base
	}
	result := make(Object, len(old)+len(e.members))
	maps.Copy(result, old)
	for key, member := range e.members {
		if value := member.over(result[key]); value != nil {
			result[key] = value
		} else {
			delete(result, key)
		}
	}
	return result
}

// change is what one comparison found.
type change struct {
	patch  any     // RFC 7396, nil is null
	before *before // how to go back
}

// comparer compares published values with new ones, and carries the difference over into the published ones. The
// published tree belongs to the topic alone: what comes in is copied as far as it is new.
type comparer struct {
	refused *ValueError // the first since the last flush
}

// edit applies e to the published value old (nil: there is none) and returns what is to be published in its place.
// It costs what was edited, whatever the size of the rest.
func (c *comparer) edit(old any, e *edit, key string) (any, change, bool) {
	if e.replaced {
		return c.become(old, e.over(nil), key)
	}
	members, isObject := old.(Object)
	if !isObject {
		if !e.grown {
			return old, change{}, false
		}
		return c.become(old, e.over(nil), key)
	}
	var diff difference
	for name, member := range e.members {
		if !c.nameable(name) {
			continue
		}
		value, found, changed := c.edit(members[name], member, name)
		if changed {
			diff.add(members, name, value, found)
		}
	}
	return members, diff.change, diff.before != nil
}

// become turns the published value old into a copy of raw.
func (c *comparer) become(old, raw any, key string) (any, change, bool) {
	if next, isObject := raw.(Object); isObject {
		if members, wasObject := old.(Object); wasObject {
			return c.becomeObject(members, next)
		}
	}
	value := c.adopt(raw, key)
	if equal(old, value) {
		return old, change{}, false
	}
	return value, change{patch: value, before: &before{value: old}}, true
}

func (c *comparer) becomeObject(members, next Object) (any, change, bool) {
	var diff difference
	kept := 0
	for name, raw := range next {
		if !c.nameable(name) {
			continue
		}
		value, found, changed := c.become(members[name], raw, name)
		if changed {
			diff.add(members, name, value, found)
		}
		if value != nil {
			kept++
		}
	}
	if kept < len(members) {
		for name, old := range members {
			if _, stays := next[name]; !stays {
				diff.add(members, name, nil, change{before: &before{value: old}})
			}
		}
	}
	return members, diff.change, diff.before != nil
}

// nameable refuses a name that is not UTF-8: replaced bytes could make two names one.
func (c *comparer) nameable(name string) bool {
	if utf8.ValidString(name) {
		return true
	}
	c.refuse(validText(name), "a name that is not UTF-8")
	return false
}

func (c *comparer) refuse(key, kind string) {
	if c.refused == nil {
		c.refused = &ValueError{Key: key, Kind: kind}
	}
}

// adopt copies raw in the one form that each value has in a state, and returns nil for what cannot be in one.
func (c *comparer) adopt(raw any, key string) any {
	switch raw := raw.(type) {
	case nil:
		return nil
	case string:
		return validText(raw)
	case bool:
		return raw
	case int64:
		return adoptInteger(raw)
	case int:
		return adoptInteger(int64(raw))
	case float64:
		if math.IsNaN(raw) || math.IsInf(raw, 0) {
			c.refuse(key, "a number that is not finite")
			return nil
		}
		return adoptNumber(raw)
	case Object:
		members := make(Object, len(raw))
		for name, item := range raw {
			if !c.nameable(name) {
				continue
			}
			if value := c.adopt(item, name); value != nil {
				members[name] = value
			}
		}
		return members
	case []any:
		items := make([]any, 0, len(raw))
		for _, item := range raw {
			if value := c.adopt(item, key); value != nil {
				items = append(items, value)
			}
		}
		return items
	default:
		return c.adoptNamed(raw, key)
	}
}

// adoptNamed adopts a scalar of another type: an id, a count.
func (c *comparer) adoptNamed(raw any, key string) any {
	v := reflect.ValueOf(raw)
	switch {
	case v.Kind() == reflect.String:
		return validText(v.String())
	case v.Kind() == reflect.Bool:
		return v.Bool()
	case v.CanInt():
		return adoptInteger(v.Int())
	case v.CanUint():
		return adoptNumber(float64(v.Uint())) // exact below 2^53, and beyond it the nearest double
	case v.CanFloat():
		return c.adopt(v.Float(), key)
	default:
		c.refuse(key, fmt.Sprintf("a %T", raw))
		return nil
	}
}

// difference collects the changes of one object's members.
type difference struct{ change }

// add publishes value (nil: nothing) as the member name and notes the change.
func (d *difference) add(members Object, name string, value any, found change) {
	if d.before == nil {
		d.patch, d.before = Object{}, &before{members: map[string]*before{}}
	}
	if patch, isObject := d.patch.(Object); isObject {
		patch[name] = found.patch
	}
	d.before.members[name] = found.before
	if value == nil {
		delete(members, name)
	} else {
		members[name] = value
	}
}

// between returns the merge patch from one adopted value to another, nil meaning that there is none, and whether they
// differ at all.
func between(from, to any) (patch any, differ bool) {
	old, wasObject := from.(Object)
	members, isObject := to.(Object)
	if !wasObject || !isObject {
		return to, !equal(from, to)
	}
	var found Object
	add := func(name string, patch any) {
		if found == nil {
			found = Object{}
		}
		found[name] = patch
	}
	for name, value := range members {
		if patch, differ := between(old[name], value); differ {
			add(name, patch)
		}
	}
	for name := range old {
		if _, stays := members[name]; !stays {
			add(name, nil)
		}
	}
	return found, found != nil
}

// equal compares two adopted values, arrays by their items.
func equal(a, b any) bool {
	switch a := a.(type) {
	case Object:
		other, ok := b.(Object)
		if !ok || len(a) != len(other) {
			return false
		}
		for name, value := range a {
			if with, there := other[name]; !there || !equal(value, with) {
				return false
			}
		}
		return true
	case []any:
		other, ok := b.([]any)
		if !ok || len(a) != len(other) {
			return false
		}
		for i, value := range a {
			if !equal(value, other[i]) {
				return false
			}
		}
		return true
	default:
		return a == b // both scalars, or of different types
	}
}

package event

import "bytes"

// quickly reads an envelope that is written as nearly all are: without spaces,
// its attributes plain ASCII without escapes, each once, the data last. It
// reports false for any other, which is not to say that it is wrong. What it
// does not check, the decoding of the data finds: that they end where the
// envelope does. It takes two thirds of the time (BenchmarkDecodeBothWays).
func (env *envelope) quickly(raw []byte) bool {
	end := bytes.Index(raw[:min(len(raw), quickMost)], []byte(`,"data":{`))
	if end < 0 || raw[0] != '{' || raw[len(raw)-1] != '}' {
		return false
	}
	data := end + len(`,"data":`)
	rest := string(raw[1:end]) // one allocation for all attributes
	var had uint
	for {
		name, value, after, ok := quickMember(rest)
		if !ok {
			return false
		}
		to, bit := env.attribute(name)
		if to == nil || had&bit != 0 {
			return false
		}
		had |= bit
		*to = value
		if after == "" {
			break
		}
		if after[0] != ',' {
			return false
		}
		rest = after[1:]
	}
	env.Data = raw[data : len(raw)-1]
	return true
}

// quickMost is how far the data may be off.
const quickMost = 1 << 10

// quickMember splits "name":"value" off, if both are plain.
func quickMember(s string) (name, value, after string, ok bool) {
	if name, s, ok = quickString(s); !ok || s == "" || s[0] != ':' {
		return "", "", "", false
	}
	value, after, ok = quickString(s[1:])
	return name, value, after, ok
}

func quickString(s string) (text, after string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return s[1:i], s[i+1:], true
		case c == '\\' || c < ' ' || c >= 0x7f:
			return "", "", false
		}
	}
	return "", "", false
}

// attribute is where an attribute goes, and its bit among those that were had.
func (env *envelope) attribute(name string) (to *string, bit uint) {
	switch name {
	case "specversion":
		return &env.SpecVersion, 1
	case "id":
		return &env.ID, 2
	case "source":
		return &env.Source, 4
	case "type":
		return (*string)(&env.Type), 8
	case "time":
		return &env.Time, 16
	case "subject":
		return &env.Subject, 32
	case "tenant":
		return &env.Tenant, 64
	}
	return nil, 0
}

package risk

import "sync"

// patternCache keeps what patterns were compiled to. Nearly all patterns of a set
// are those of its preset, and a change of a rule compiles the whole set: without
// it that took five times as long (BenchmarkCompile).
type patternCache struct {
	mu    sync.Mutex
	parts map[string][]part
	insts int // of all of them
}

// compiledPatterns are those of all sets of the process.
var compiledPatterns = patternCache{parts: map[string][]part{}}

// compile is compilePattern for a pattern that may be known. What it returns is not
// to be changed.
func (c *patternCache) compile(pattern string) ([]part, int, error) {
	c.mu.Lock()
	parts, known := c.parts[pattern]
	c.mu.Unlock()
	if known {
		return parts, -1, nil
	}
	parts, offset, err := compilePattern(pattern)
	if err != nil {
		return nil, offset, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.parts[pattern]; known {
		return parts, -1, nil
	}
	if c.insts += size(parts); c.insts > 2*MaxPrograms {
		// Too many different ones: those that are in use come back.
		clear(c.parts)
		c.insts = size(parts)
	}
	c.parts[pattern] = parts
	return parts, -1, nil
}

//go:build vectorscan

package vectorscan

/*
#cgo pkg-config: libhs
#include <stdlib.h>
#include <hs/hs.h>

static int count(unsigned int id, unsigned long long from, unsigned long long to, unsigned int flags, void *ctx) {
	(*(unsigned int *)ctx)++;
	return 0;
}

static hs_error_t scan(const hs_database_t *db, const char *data, unsigned int len, hs_scratch_t *scratch, unsigned int *n) {
	*n = 0;
	return hs_scan(db, data, len, 0, scratch, count, n);
}
*/
import "C"

import (
	"fmt"
	"regexp"
	"slices"
	"unsafe"
)

// Scanner finds many literals and expressions in two passes, one for either, as the
// library has a matcher of its own for literals.
type Scanner struct {
	// Loose is how many expressions the library only takes as a prefilter, which
	// also matches what they do not: it refuses them as too large.
	Loose int
	// Looped is how many it refuses even so, which are looked for one by one.
	Looped int

	loop    []*regexp.Regexp
	dbs     []*C.hs_database_t
	scratch *C.hs_scratch_t
}

// New compiles literals and expressions, in which case does not matter. They are read
// as bytes: a class of characters beyond ASCII is one of their bytes, so that what the
// library builds stays small enough to be built at all. The error names the first
// expression that is none.
func New(literals, expressions []string) (*Scanner, error) {
	s := &Scanner{}
	if err := s.add(len(literals), func(c *list, db **C.hs_database_t, fault **C.hs_compile_error_t) C.hs_error_t {
		return C.hs_compile_lit_multi(c.texts(), &c.flags[0], &c.ids[0], &c.lens[0], C.uint(len(c.ids)), C.HS_MODE_BLOCK, nil, db, fault)
	}, literals); err != nil {
		return nil, err
	}
	return s, s.add(len(expressions), func(c *list, db **C.hs_database_t, fault **C.hs_compile_error_t) C.hs_error_t {
		return C.hs_compile_multi(c.texts(), &c.flags[0], &c.ids[0], C.uint(len(c.ids)), C.HS_MODE_BLOCK, nil, db, fault)
	}, expressions)
}

// list is what the library is given of literals or expressions.
type list struct {
	memory unsafe.Pointer // of the texts' pointers, in C
	flags  []C.uint
	ids    []C.uint
	lens   []C.size_t
}

func (c *list) texts() **C.char { return (**C.char)(c.memory) }

// add compiles a list, and once more with each expression that is refused as a
// prefilter.
func (s *Scanner) add(n int, compile func(*list, **C.hs_database_t, **C.hs_compile_error_t) C.hs_error_t, texts []string) error {
	if n == 0 {
		return nil
	}
	c := &list{memory: C.malloc(C.size_t(n) * C.size_t(unsafe.Sizeof((*C.char)(nil))))}
	defer C.free(c.memory)
	pointers := unsafe.Slice(c.texts(), n)
	for i, e := range texts {
		pointers[i] = C.CString(e)
		defer C.free(unsafe.Pointer(pointers[i])) // the argument is taken now: the list may lose it
		c.flags, c.ids, c.lens = append(c.flags, C.HS_FLAG_CASELESS|C.HS_FLAG_SINGLEMATCH), append(c.ids, C.uint(i)), append(c.lens, C.size_t(len(e)))
	}
	for {
		var db *C.hs_database_t
		var fault *C.hs_compile_error_t
		if compile(c, &db, &fault) == C.HS_SUCCESS {
			s.dbs = append(s.dbs, db)
			if code := C.hs_alloc_scratch(db, &s.scratch); code != C.HS_SUCCESS {
				return fmt.Errorf("vectorscan: no scratch space: %d", int(code))
			}
			return nil
		}
		k, message := int(fault.expression), C.GoString(fault.message)
		C.hs_free_compile_error(fault)
		if k < 0 {
			return fmt.Errorf("vectorscan: %s", message)
		}
		if c.flags[k]&C.HS_FLAG_PREFILTER != 0 {
			re, err := regexp.Compile("(?i)" + texts[c.ids[k]])
			if err != nil {
				return fmt.Errorf("vectorscan: expression %d: %s: %w", c.ids[k], message, err)
			}
			s.loop = append(s.loop, re)
			s.Loose--
			s.Looped++
			c.flags, c.ids, c.lens = slices.Delete(c.flags, k, k+1), slices.Delete(c.ids, k, k+1), slices.Delete(c.lens, k, k+1)
			copy(pointers[k:], pointers[k+1:])
			continue
		}
		c.flags[k] |= C.HS_FLAG_PREFILTER
		s.Loose++
	}
}

// Count is how many of the literals and expressions match text, those of the loop
// among them.
func (s *Scanner) Count(text string) (int, error) {
	all, err := s.CountTaken(text)
	for _, re := range s.loop {
		if re.MatchString(text) {
			all++
		}
	}
	return all, err
}

// CountTaken is how many of those that the library takes match text.
func (s *Scanner) CountTaken(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	all := 0
	for _, db := range s.dbs {
		var n C.uint
		if code := C.scan(db, (*C.char)(unsafe.Pointer(unsafe.StringData(text))), C.uint(len(text)), s.scratch, &n); code != C.HS_SUCCESS {
			return 0, fmt.Errorf("vectorscan: scan: %d", int(code))
		}
		all += int(n)
	}
	return all, nil
}

// Close frees the library's memory.
func (s *Scanner) Close() {
	C.hs_free_scratch(s.scratch)
	for _, db := range s.dbs {
		C.hs_free_database(db)
	}
}

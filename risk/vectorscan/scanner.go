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
	"unsafe"
)

// Scanner finds many expressions in one pass.
type Scanner struct {
	// Loose is how many expressions the library only takes as a prefilter, which
	// also matches what they do not: it refuses them as too large.
	Loose int

	db      *C.hs_database_t
	scratch *C.hs_scratch_t
}

// New compiles expressions, in which case does not matter. The error names the
// first one that the library refuses.
func New(expressions []string) (*Scanner, error) {
	n := len(expressions)
	texts := (*[1 << 20]*C.char)(C.malloc(C.size_t(n) * C.size_t(unsafe.Sizeof((*C.char)(nil)))))
	defer C.free(unsafe.Pointer(texts))
	flags := make([]C.uint, n)
	ids := make([]C.uint, n)
	for i, e := range expressions {
		texts[i] = C.CString(e)
		defer C.free(unsafe.Pointer(texts[i]))
		flags[i] = C.HS_FLAG_CASELESS | C.HS_FLAG_UTF8 | C.HS_FLAG_SINGLEMATCH
		ids[i] = C.uint(i)
	}
	s := &Scanner{}
	compile := func(from, n int, db **C.hs_database_t) error {
		var fault *C.hs_compile_error_t
		if C.hs_compile_multi(&texts[from], &flags[from], &ids[from], C.uint(n), C.HS_MODE_BLOCK, nil, db, &fault) == C.HS_SUCCESS {
			return nil
		}
		defer C.hs_free_compile_error(fault)
		return fmt.Errorf("vectorscan: expression %d: %s", from+int(fault.expression), C.GoString(fault.message))
	}
	// Alone, as the attempt to compile all takes long.
	for i := range expressions {
		var one *C.hs_database_t
		if compile(i, 1, &one) != nil {
			flags[i] |= C.HS_FLAG_PREFILTER
			s.Loose++
			continue
		}
		C.hs_free_database(one)
	}
	if err := compile(0, n, &s.db); err != nil {
		return nil, err
	}
	if code := C.hs_alloc_scratch(s.db, &s.scratch); code != C.HS_SUCCESS {
		C.hs_free_database(s.db)
		return nil, fmt.Errorf("vectorscan: no scratch space: %d", int(code))
	}
	return s, nil
}

// Count is how many of the expressions match text, which must be UTF-8.
func (s *Scanner) Count(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	var n C.uint
	if code := C.scan(s.db, (*C.char)(unsafe.Pointer(unsafe.StringData(text))), C.uint(len(text)), s.scratch, &n); code != C.HS_SUCCESS {
		return 0, fmt.Errorf("vectorscan: scan: %d", int(code))
	}
	return int(n), nil
}

// Close frees the library's memory.
func (s *Scanner) Close() {
	C.hs_free_scratch(s.scratch)
	C.hs_free_database(s.db)
}

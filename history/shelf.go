package history

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"os"

	"github.com/floorlight/floorlight/hub/fold"
)

// shelf keeps the entities that a replay has let go of, in a file without a name, so
// that its memory does not grow with what it folds: of each entity there are some 40
// bytes, which say where it stands and what its rows sum up to. It belongs to one
// goroutine, and a nil one is empty.
type shelf struct {
	seed maphash.Seed // nobody can choose ids that fall together
	file *os.File
	to   *bufio.Writer
	end  int64 // of the file, with what to still holds
	kept map[uint64]keptEntity
	key  []byte
	read []byte
}

// keptEntity is what memory holds of an entity, or of one that is only stored.
type keptEntity struct {
	at   int64  // in the file; noPlace if it is not there
	sum  uint64 // of its rows, less the stored ones as far as they were looked at
	rows int32
}

const (
	noPlace = -1
	// usualEntity is how much is read at once; nearly every entity is smaller.
	usualEntity = 4096
)

// errSameHash cannot be helped, and will not come twice: the hash is another one each time.
var errSameHash = errors.New("two ids fell together by chance: do it again")

// newShelf makes the file in a directory, "" for that of temporary files.
func newShelf(dir string) (*shelf, error) {
	f, err := os.CreateTemp(dir, "floorlight-verify-")
	if err != nil {
		return nil, fmt.Errorf("make a file for what is folded: %w", err)
	}
	// It goes with this process, however that ends.
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &shelf{seed: maphash.MakeSeed(), file: f, to: bufio.NewWriterSize(f, 1<<20), kept: map[uint64]keptEntity{}}, nil
}

func (s *shelf) close() error { return s.file.Close() }

func (s *shelf) hash(r fold.Ref) uint64 {
	s.key = append(append(s.key[:0], byte(r.Kind)), r.ID...)
	return maphash.Bytes(s.seed, s.key)
}

// put keeps an entity as it is now, with the sum of its rows.
func (s *shelf) put(r fold.Ref, stored []byte, sum uint64, rows int32) error {
	head := binary.AppendUvarint(nil, uint64(len(r.ID)))
	head = append(append(head, r.ID...), byte(r.Kind))
	head = binary.AppendUvarint(head, uint64(len(stored)))
	size := binary.AppendUvarint(nil, uint64(len(head)+len(stored)))
	s.kept[s.hash(r)] = keptEntity{at: s.end, sum: sum, rows: rows}
	for _, part := range [][]byte{size, head, stored} {
		n, err := s.to.Write(part)
		s.end += int64(n)
		if err != nil {
			return fmt.Errorf("keep what is folded: %w", err)
		}
	}
	return nil
}

// find is an entity as it was kept last, nil if it never was. The bytes are good
// until the next call.
func (s *shelf) find(r fold.Ref) ([]byte, error) {
	if s == nil {
		return nil, nil
	}
	k, ok := s.kept[s.hash(r)]
	if !ok || k.at == noPlace {
		return nil, nil
	}
	is, stored, err := s.load(k.at)
	if err == nil && is != r {
		err = errSameHash
	}
	return stored, err
}

// load reads what stands at a place.
func (s *shelf) load(at int64) (r fold.Ref, stored []byte, err error) {
	if err := s.to.Flush(); err != nil {
		return r, nil, fmt.Errorf("keep what is folded: %w", err)
	}
	most := min(usualEntity, s.end-at)
	if err := s.fill(at, most); err != nil {
		return r, nil, err
	}
	size, n := binary.Uvarint(s.read)
	if whole := int64(n) + int64(size); whole > most { //nolint:gosec // as it was written
		if err := s.fill(at, whole); err != nil {
			return r, nil, err
		}
	}
	b := s.read[n:]
	length, n := binary.Uvarint(b)
	b = b[n:]
	r.ID, b = string(b[:length]), b[length:]
	r.Kind, b = fold.Kind(b[0]), b[1:]
	length, n = binary.Uvarint(b)
	return r, b[n:][:length], nil
}

func (s *shelf) fill(at, size int64) error {
	if int64(cap(s.read)) < size {
		s.read = make([]byte, size)
	}
	s.read = s.read[:size]
	if _, err := s.file.ReadAt(s.read, at); err != nil {
		return fmt.Errorf("read what was folded: %w", err)
	}
	return nil
}

// take subtracts a stored row from its entity's sum. known says that the replay made
// the entity.
func (s *shelf) take(r fold.Ref, sum uint64) (known bool) {
	h := s.hash(r)
	k, ok := s.kept[h]
	if !ok {
		k.at = noPlace
	}
	k.sum -= sum
	k.rows--
	s.kept[h] = k
	return k.at != noPlace
}

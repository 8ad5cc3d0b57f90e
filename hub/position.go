package hub

import (
	"errors"
	"strconv"
	"strings"
)

// TopicName is the contract's `topic`, such as wallboard or conversation/c9.
type TopicName string

// Epoch names one life of a topic: versions of different epochs have nothing to do with each other.
type Epoch string

// Position is how far a reader has a topic.
type Position struct {
	Epoch   Epoch
	Version uint64
}

// ErrPosition is a text that is no position.
var ErrPosition = errors.New("hub: a position is epoch:version")

// String returns the position as it stands in Last-Event-ID, epoch:version.
func (p Position) String() string {
	return string(p.Epoch) + ":" + strconv.FormatUint(p.Version, 10)
}

// ParsePosition reads what String wrote, or returns ErrPosition.
func ParsePosition(text string) (Position, error) {
	colon := strings.LastIndexByte(text, ':')
	if colon < 1 {
		return Position{}, ErrPosition
	}
	version, err := strconv.ParseUint(text[colon+1:], 10, 64)
	if err != nil {
		return Position{}, ErrPosition
	}
	return Position{Epoch: Epoch(text[:colon]), Version: version}, nil
}

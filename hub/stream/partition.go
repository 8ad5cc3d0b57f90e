package stream

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/floorlight/floorlight/hub/event"
)

const (
	// MostPartitions is how many partitions there may be: each has a hub and a writer.
	MostPartitions = 256
	// markSubject is what Mark stores on. It has no tenant, so it belongs to every partition.
	markSubject = "floor.mark"
	markID      = "mark/"

	partitionsKey = "floorlight-partitions" // in the stream's metadata: how many there are
	formerKey     = "floorlight-former"     // how many there were before, separated by commas
)

// PartitionOf is the partition that a tenant belongs to, of n. It is what NATS
// makes of the subject's second token.
func PartitionOf(tenant event.TenantID, n int) int { return partitionOf(string(tenant), n) }

func partitionOf(token string, n int) int {
	if n <= 1 {
		return 0
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(token))     // it never fails
	return int(h.Sum32() % uint32(n)) //nolint:gosec // there are few
}

// spread is how a stream's subjects name the partition that a message belongs to.
type spread struct {
	partitions int
	former     []int // numbers that there were, of which messages may be left
}

// spreadOf reads what a stream's configuration says.
func spreadOf(c *jetstream.StreamConfig) spread {
	s := spread{partitions: 1}
	if n, err := strconv.Atoi(c.Metadata[partitionsKey]); err == nil {
		s.partitions = max(1, n)
	}
	for text := range strings.SplitSeq(c.Metadata[formerKey], ",") {
		if n, err := strconv.Atoi(text); err == nil && n > 1 && n != s.partitions {
			s.former = append(s.former, n)
		}
	}
	return s
}

// put writes it into a configuration.
func (s spread) put(c *jetstream.StreamConfig) {
	c.SubjectTransform = nil
	if s.partitions > 1 {
		c.SubjectTransform = &jetstream.SubjectTransformConfig{
			Source: "floor.*.>", Destination: fmt.Sprintf("floor%d.{{partition(%d,1)}}.{{wildcard(1)}}.>", s.partitions, s.partitions),
		}
	}
	metadata := map[string]string{}
	maps.Copy(metadata, c.Metadata)
	metadata[partitionsKey] = strconv.Itoa(s.partitions)
	delete(metadata, formerKey)
	if len(s.former) > 0 {
		var list []string
		for _, n := range s.former {
			list = append(list, strconv.Itoa(n))
		}
		metadata[formerKey] = strings.Join(list, ",")
	}
	c.Metadata = metadata
}

// subjects are those of the messages of a partition, and of some others that
// come without a partition or with one of another number.
func (s spread) subjects(partition int) []string {
	if s.partitions <= 1 {
		return nil // everything
	}
	list := []string{event.Subjects, fmt.Sprintf("floor%d.%d.>", s.partitions, partition)}
	for _, n := range s.former {
		list = append(list, fmt.Sprintf("floor%d.>", n))
	}
	return list
}

// under are the subjects that hold what was published on one of floor.…, with wildcards.
func (s spread) under(subject string) []string {
	list := []string{subject}
	for _, n := range append(slices.Clone(s.former), s.partitions) {
		if n > 1 {
			list = append(list, fmt.Sprintf("floor%d.*.%s", n, strings.TrimPrefix(subject, "floor.")))
		}
	}
	return list
}

// published is the subject that a stored message was published on; "" of a mark.
func published(stored string) string {
	if stored == markSubject {
		return ""
	}
	first, rest, _ := strings.Cut(stored, ".")
	if first == "floor" {
		return stored
	}
	if _, rest, ok := strings.Cut(rest, "."); ok && strings.HasPrefix(first, "floor") { // the partition goes, too
		return "floor." + rest
	}
	return stored
}

// of is the partition of what was published on a subject.
func (s spread) of(subject string) int {
	_, rest, _ := strings.Cut(subject, ".")
	token, _, _ := strings.Cut(rest, ".")
	return partitionOf(token, s.partitions)
}

// Partitions is into how many the tenants are spread; 1 unless that was set.
func (s *Stream) Partitions() int { return s.spread.partitions }

// Partition is a partition's part of the stream: Consume gives its messages, and
// marks. Everything else is the whole stream's, sequences too.
func (s *Stream) Partition(n int) *Partition { return &Partition{Stream: s, n: n} }

// Partition is made by Stream.Partition.
type Partition struct {
	*Stream

	n int
}

// Consume is the stream's for the partition's messages. What belongs to others
// may come as a mark, and need not come.
func (p *Partition) Consume(ctx context.Context, from uint64, batch func([]Message) error) error {
	return p.consume(ctx, from, p.n, batch)
}

// Mark stores a message that every partition's readers get: so that they know
// that nothing of theirs stands before it. Several who mark behind the same
// sequence make one mark. It returns the mark's sequence.
func (s *Stream) Mark(ctx context.Context, behind uint64) (uint64, error) {
	ack, err := s.PublishRaw(ctx, markSubject, nil, markID+strconv.FormatUint(behind, 10))
	return ack.Seq, err
}

// Repartition spreads the tenants anew from here on. Whoever reads afterwards
// begins behind what all partitions of before have read; their readers must have
// ended.
func (s *Stream) Repartition(ctx context.Context, n int) error {
	if n < 1 || n > MostPartitions {
		return fmt.Errorf("%d partitions: there may be 1 to %d", n, MostPartitions)
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	info, err := s.floor.Info(ctx)
	if err != nil {
		return fmt.Errorf("ask for the stream's configuration: %w", interpret(err))
	}
	now := spreadOf(&info.Config)
	next := spread{partitions: n}
	for _, former := range append(now.former, now.partitions) {
		if former != n && former > 1 {
			next.former = append(next.former, former)
		}
	}
	config := info.Config
	next.put(&config)
	floor, err := s.js.UpdateStream(ctx, config)
	if err != nil {
		return fmt.Errorf("spread the stream over %d partitions: %w", n, interpret(err))
	}
	s.floor, s.spread = floor, next
	return nil
}

// Package ring keeps the last values of a series.
package ring

import "fmt"

// Buffer holds at most as many values as its capacity.
type Buffer[T any] struct {
	values []T
	next   int
	count  int
}

// New makes an empty buffer. It panics when the capacity is below 1.
func New[T any](capacity int) *Buffer[T] {
	if capacity < 1 {
		panic(fmt.Sprintf("ring: capacity %d is below 1", capacity))
	}
	return &Buffer[T]{values: make([]T, capacity)}
}

// Len tells how many values there are.
func (b *Buffer[T]) Len() int { return b.count }

// Cap tells how many values there can be.
func (b *Buffer[T]) Cap() int { return len(b.values) }

// Add puts a value in, and gives the one that had to go.
func (b *Buffer[T]) Add(value T) (T, bool) {
	gone := b.values[b.next]
	b.values[b.next] = value
	b.next = (b.next + 1) % len(b.values)
	full := b.count > len(b.values)
	if b.count < len(b.values) {
		b.count++
	}
	return gone, full
}

// Values gives a copy, from the oldest to the newest.
func (b *Buffer[T]) Values() []T {
	return append([]T(nil), b.values[:b.count]...)
}

// Resize changes the capacity. It panics when that is below 1.
func (b *Buffer[T]) Resize(capacity int) {
	resized := New[T](capacity)
	copy(resized.values, b.values)
	resized.count = min(b.count, capacity)
	resized.next = b.next % capacity
	*b = *resized
}

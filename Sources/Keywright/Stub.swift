public enum StubK {}

namespace Lizhou.Lake.Tests; public sealed class EmptyTests { [Fact] public void Adds() => (1+1).ShouldBe(2); }

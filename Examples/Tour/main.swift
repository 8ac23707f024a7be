import Hummingbird
print("tour")
